"""The lease agent's image, built without a container engine: `make lease-image`.

Debian's Python, the wheels of `requirements.lock` and `lease/`, as an OCI image layout. What goes
in is pinned by name, version and checksum in `pins.json`, so the same commit makes the same digest
on any machine.
"""
