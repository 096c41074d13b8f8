"""Stand-ins for the Pulumi provider plugins, each an executable that speaks the provider protocol."""
