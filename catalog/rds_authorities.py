"""Certificate authorities of Amazon RDS, by region: whom a client of its servers believes.

Source: RDS user guide, using SSL/TLS to encrypt a connection to a DB instance.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "rds-ca"


def authorities(region: str) -> Path:
    """The region's roots, in PEM. Raises FileNotFoundError for a region whose authorities are not
    there."""
    path = FOLDER / f"{region}.pem"
    if not path.exists():
        raise FileNotFoundError(
            f"{region}: no authorities of RDS in {FOLDER}; take them from AWS's bundle as its "
            "README says"
        )
    return path
