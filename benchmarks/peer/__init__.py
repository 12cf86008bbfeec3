"""A peer of usual design beside the strip counter: a centre-point detector that knows no tracks. Not shipped.

    make peer BLOCKS=west OUT=peer-west.onnx && make peer BLOCKS=northeast OUT=peer-northeast.onnx
    make bench-peer WEST=west.onnx NORTHEAST=northeast.onnx PEER_WEST=peer-west.onnx PEER_NORTHEAST=peer-northeast.onnx

A small U-Net gives for each metre of ground how likely a vehicle's middle lies there, how far off, the vehicle's length
and its direction (Zhou, Wang and Krähenbühl 2019, *Objects as Points*, with an orientation as remote sensing uses it).
It is trained on the same sources as the strip counter and held against it on the same scenes by the same rule.
"""
