package io.outrider.ingestion.rekey;

/** The moments at which a test lets a session die. */
enum CrashPoint {
    BEFORE_SEND,
    BEFORE_FLUSH,
    BEFORE_COMMIT,
    AFTER_COMMIT
}
