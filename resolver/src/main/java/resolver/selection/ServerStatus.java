package resolver.selection;

/**
 * What is known of an upstream server at a moment, for status and metrics.
 *
 * @param name what people call it
 * @param state "good"; "doubtful" after a failure; "resting" while it is set aside; "probed" while
 *     a probe is under way as well
 * @param roundTripNanos its smoothed round-trip time; zero before it is measured
 * @param lateNanos within what time 95 of 100 of its responses come; zero before it is measured
 * @param failures exchanges without a response since the last response
 * @param heardAt when it responded last, in the ticker's nanoseconds, or {@link ServerState#NEVER}
 * @param restsUntil when it is probed next, in the ticker's nanoseconds, or {@link
 *     ServerState#NEVER} where it is not set aside
 * @param why what the last failure was; empty where there was none since the last response
 */
public record ServerStatus(
    String name,
    String state,
    long roundTripNanos,
    long lateNanos,
    int failures,
    long heardAt,
    long restsUntil,
    String why) {}
