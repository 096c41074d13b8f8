"""The pack as a plugin of the Pulumi engine."""
