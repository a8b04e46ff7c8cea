/** Points of a plane, or of one axis of it: what histograms count and projections return. No rule about their values. */

/** One array per axis of the plane, all of the same length. */
export type Points = readonly ArrayLike<number>[];
