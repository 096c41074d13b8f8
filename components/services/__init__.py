"""The platform's services, each a plan (releases, objects, flows) that one module registers."""
