/**
 * The crowd that asks one cold name at the same instant, and the upstream that counts what comes
 * through of it.
 *
 * <p>The road of a question: a {@code Client} takes a slot of its kind, has its socket ready, and
 * arrives at the first barrier of {@code Rounds}, whose action makes a fresh {@code RoundName}. All
 * send; the server under test asks {@code CountingUpstream}; {@code Judge} looks at every answer.
 * At the second barrier the {@code Round} is summed up, and {@code Scorecard} sums up the rounds.
 */
@NullMarked
package resolver.stampede;

import org.jspecify.annotations.NullMarked;
