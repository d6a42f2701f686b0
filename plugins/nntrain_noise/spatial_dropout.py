"""y = x with feature maps dropped at random."""

from nntrain_noise.feature_dropout import FeatureDropout


class SpatialDropout(FeatureDropout):
    """y = x r, r = 0 with probability p, else 1, for each map;  dx = dy r. In evaluation mode y = (1 − p) x.

    Shapes:
        x (C, H, W) or (N, C, H, W) → y of the same shape; r is one number for each map (H, W)
    With stochastic_inference, maps are also dropped in evaluation mode. ``setp`` changes p, which may be any number.
    Errors: ShapeError for another number of axes where maps are dropped; ModuleError for a backward pass in
    evaluation mode.
    Source: torch/nn, SpatialDropout.lua; Tompson et al., "Efficient Object Localization Using Convolutional
    Networks", 2015. The remaining maps are not scaled in training.
    """

    inner = ("H", "W")
