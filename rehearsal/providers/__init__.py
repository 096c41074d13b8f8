"""Stand-ins for the Pulumi provider plugins: executables that speak the provider protocol."""
