"""Whether pods would run: refused at admission, never scheduled, or never started.

Pods themselves are not kept: a workload is judged when it comes, and nothing comes later by
itself. What a pod waits for must therefore be there before it, as the program's order says.
"""
