package resolver.server;

import resolver.query.AnswerSource;

/**
 * The roads that a client's question may take.
 *
 * @param resolving the whole pipeline
 * @param cacheOnly for queries that do not desire recursion
 * @param full for clients that wait for too many answers already: the cache, and nothing else
 */
public record Sources(AnswerSource resolving, AnswerSource cacheOnly, AnswerSource full) {}
