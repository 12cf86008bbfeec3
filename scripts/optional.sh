#!/usr/bin/env bash
# One line for each optional part this machine lacks: what is skipped and how to get it.
command -v Rscript >/dev/null || echo "optional: R is missing, so the comparison with R's surveillance is skipped (Debian: apt install r-cran-surveillance)"
exit 0
