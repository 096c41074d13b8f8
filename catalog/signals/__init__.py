"""What is watched: alerts, objectives, dashboards, and where every metric comes from.

Plain data. Prometheus rules, dashboards and the page of runbooks are all made of it.
"""
