"""The example shop: deterministic data of a believable business."""
