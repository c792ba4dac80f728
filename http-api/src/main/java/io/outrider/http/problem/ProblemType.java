package io.outrider.http.problem;

/** Every kind of error the API answers with. The slug stands in {@code type} and never changes. */
public enum ProblemType {
    BAD_REQUEST(400, "bad-request", "The request cannot be understood"),
    INVALID_PARAMETER(400, "invalid-parameter", "A parameter is not valid"),
    INVALID_CURSOR(400, "invalid-cursor", "The cursor is not one this server gave out"),
    INVALID_BODY(400, "invalid-body", "The body is not what this resource takes"),
    INVALID_TRANSACTION(400, "invalid-transaction", "The transaction is not valid"),
    INVALID_LABEL(400, "invalid-label", "The label is not valid"),
    UNAUTHENTICATED(401, "unauthenticated", "The caller must say who they are"),
    INVALID_TOKEN(401, "invalid-token", "The bearer token is not accepted"),
    FORBIDDEN(403, "forbidden", "The caller's role does not allow this"),
    FOREIGN_ORIGIN(403, "foreign-origin", "A page of another origin may not change anything here"),
    NOT_FOUND(404, "not-found", "There is nothing at this path"),
    UNKNOWN_ACCOUNT(404, "unknown-account", "There is no such account"),
    UNKNOWN_ALERT(404, "unknown-alert", "There is no such alert in the index"),
    UNKNOWN_ERASURE(404, "unknown-erasure", "There is no such erasure"),
    UNKNOWN_MODEL(404, "unknown-model", "No registered model has this version"),
    UNKNOWN_RUN(404, "unknown-run", "There is no such run in the history"),
    UNKNOWN_RUN_KIND(404, "unknown-run-kind", "There are no runs of this kind"),
    UNKNOWN_TRANSACTION(404, "unknown-transaction", "Nothing is kept of this transaction"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This resource does not take that method"),
    STALE_LABEL(409, "stale-label", "The transaction has a label of this version or a later one"),
    REQUEST_TIMEOUT(408, "request-timeout", "The request did not arrive in time"),
    IDEMPOTENCY_CONFLICT(409, "idempotency-conflict", "The idempotency key stands for another request"),
    RUN_IN_PROGRESS(409, "run-in-progress", "A run of this kind has not ended yet"),
    RUN_ENDED(409, "run-ended", "The run has already ended"),
    GATE_REFUSED(409, "gate-refused", "The gate speaks against this promotion, which can be forced"),
    ROLLOUT_REFUSED(409, "rollout-refused", "This change of models makes no sense as things stand"),
    TOO_LARGE(413, "too-large", "The request is larger than allowed"),
    URI_TOO_LONG(414, "uri-too-long", "The address is longer than allowed"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "This resource does not take that media type"),
    MISDIRECTED(421, "misdirected-request", "This server does not answer for that host"),
    RATE_LIMITED(429, "rate-limited", "Too many requests from this caller"),
    TOO_MANY_RUNS(429, "too-many-runs", "A run for this cause may not begin yet"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The request's headers are larger than allowed"),
    INTERNAL(500, "internal-error", "Something went wrong on this side"),
    NOT_IMPLEMENTED(501, "not-implemented", "This server does not do that"),
    UNAVAILABLE(503, "unavailable", "This cannot be answered now, and may be shortly"),
    NOT_READY(503, "not-ready", "This node should not be sent traffic now"),
    TIMEOUT(503, "timeout", "The answer took too long");

    private final int status;
    private final String slug;
    private final String title;

    ProblemType(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String uri() {
        return "urn:outrider:problem:" + slug;
    }

    public String title() {
        return title;
    }
}
