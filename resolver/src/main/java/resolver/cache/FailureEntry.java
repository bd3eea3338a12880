package resolver.cache;

import java.time.Duration;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * A look at a failure that is remembered, for people.
 *
 * @param question what was asked
 * @param answer what is given out for it
 * @param left for how long yet, unless a server is heard before
 */
public record FailureEntry(Question question, Answer answer, Duration left) {}
