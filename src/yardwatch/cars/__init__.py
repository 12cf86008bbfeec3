"""COUNT: strips, evidence, segmentation, count and interval. Pure."""
