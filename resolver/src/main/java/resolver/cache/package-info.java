/**
 * What is remembered. {@code CacheLookup} answers from the {@code AnswerCache} while an answer is
 * fresh, {@code ServeStale} gives an old one where a new one is late, {@code CacheFill} stands
 * inside a flight, looks again, and keeps what comes back from below. {@code Freshness} decides,
 * purely, what an entry is good for.
 */
@NullMarked
package resolver.cache;

import org.jspecify.annotations.NullMarked;
