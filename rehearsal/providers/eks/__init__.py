"""The simulated `eks` provider: pulumi-eks's components, which register the same children
as the official provider does. It makes nothing itself."""
