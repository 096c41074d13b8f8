"""Load balancers among the subjects of a stack: their kind, whom they face, where they listen."""

from __future__ import annotations

from policies.subject import Stack, Subject

BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")


def is_application(one: Subject) -> bool:
    """Whether it balances requests, as one does of which nothing else is said."""
    return (one.properties.text("loadBalancerType") or "application") == "application"


def faces_internet(one: Subject) -> bool:
    """Whether it has public addresses, as one has that is not said to be internal."""
    return not one.properties.flag("internal")


def listens_at(port: int, one: Subject, stack: Stack) -> bool:
    """Whether one of its listeners has the port."""
    listeners = stack.referring(one, "loadBalancerArn", *LISTENERS)
    return any(each.properties.number("port") == port for each in listeners)
