"""The platform's services from the stack file: an area per module, each a list of plans."""
