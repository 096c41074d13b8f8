"""The simulated cloud: one HTTP server that any AWS client can talk to.

A gateway in front of moto checks each call against botocore's model, refuses what AWS
refuses, implements what moto lacks, and passes the rest on. `docs/simulated-cloud.md`
says what is simulated, by what.
"""
