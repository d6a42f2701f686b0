"""y = x with feature maps dropped at random."""

from nntrain_noise.feature_dropout import FeatureDropout


class VolumetricDropout(FeatureDropout):
    """y = x r, r = 0 with probability p, else 1, for each map;  dx = dy r. In evaluation mode y = (1 − p) x.

    Shapes:
        x (C, T, H, W) or (N, C, T, H, W) → y of the same shape; r is one number for each map (T, H, W)
    With stochastic_inference, maps are also dropped in evaluation mode. ``setp`` changes p, which may be any number.
    Errors: ShapeError for another number of axes where maps are dropped; ModuleError for a backward pass in
    evaluation mode.
    Source: torch/nn, VolumetricDropout.lua. The remaining maps are not scaled in training.
    """

    inner = ("T", "H", "W")
