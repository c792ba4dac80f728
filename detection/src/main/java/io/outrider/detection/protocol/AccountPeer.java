package io.outrider.detection.protocol;

/**
 * An account in memory, to be spoken to without asking where it is. What that takes is the business of whoever carries
 * messages. Good for one life in memory: what is said to one that is gone is lost.
 */
public interface AccountPeer {}
