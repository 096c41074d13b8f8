"""`mlops drill`: what a failover would find and take, measured on the living platform.

`runbook` has checks and steps, `measured` the figures, `command` what an operator types.
"""
