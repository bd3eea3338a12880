package resolver.upstream;

/**
 * Why an encrypted upstream server cannot be used at present.
 *
 * @param why what is the matter, for people
 * @param wayOut what can be done about it
 * @param since when that was first noticed, in the ticker's nanoseconds
 */
public record Trouble(String why, String wayOut, long since) {}
