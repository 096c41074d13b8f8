"""The cache lies outside the checkout, where the user's settings say."""

from pathlib import Path

from bootstrap.places import Places


def test_the_cache_is_where_mlops_cache_dir_says(tmp_path: Path) -> None:
    environ = {"MLOPS_CACHE_DIR": str(tmp_path / "c"), "XDG_CACHE_HOME": "/elsewhere"}
    assert Places.of(Path("/checkout"), environ).cache == tmp_path / "c"


def test_otherwise_it_is_in_the_users_cache_folder() -> None:
    places = Places.of(Path("/checkout"), {"XDG_CACHE_HOME": "/caches"})
    assert places.cache == Path("/caches/mlops-platform")


def test_otherwise_it_is_in_the_home_folder() -> None:
    assert Places.of(Path("/checkout"), {}).cache == Path.home() / ".cache" / "mlops-platform"
