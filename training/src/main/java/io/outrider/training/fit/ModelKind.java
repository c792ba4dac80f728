package io.outrider.training.fit;

/** Which model is fitted. */
public enum ModelKind {
    /** Supervised where there are known labels of both kinds, early and late, else the forest. */
    BY_LABELS,
    /** Isolation forest and the tails beside it; sees no label, not even in a feature. */
    FOREST,
    /** Boosted trees on all features, merchant risk among them. */
    SUPERVISED
}
