"""The simulated `aws` provider: Pulumi's provider protocol on one side, boto3 against the
simulated cloud on the other. One module per family of resource types."""
