/**
 * The vocabulary of a lookup. A client's {@link resolver.query.Query} stays in the client half; the
 * shared half knows the {@link resolver.query.Question} alone, passed down in an {@link
 * resolver.query.Ask} from one {@link resolver.query.AnswerSource} to the next, and the {@link
 * resolver.query.Answer} that comes back to a {@link resolver.query.Receiver}.
 */
@NullMarked
package resolver.query;

import org.jspecify.annotations.NullMarked;
