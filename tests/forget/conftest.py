from tests.apply.conftest import segctl, shop
from tests.stores.conftest import another, reach, s3, store

__all__ = ["another", "reach", "s3", "segctl", "shop", "store"]
