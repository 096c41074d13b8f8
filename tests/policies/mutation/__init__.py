"""Mutation testing of the policy pack: mutmut's mutants, judged by the cases of the rules.

mutmut starts pytest anew for each of some thousand mutants; here one process imports a module
with all of its mutants, collects the unit tests once, and asks a copy of itself for each.
"""
