/**
 * The heart. {@link resolver.flight.SingleFlight} merges simultaneous runs for one key into one and
 * knows nothing of DNS; {@link resolver.flight.LookupGroup} is the stage that merges simultaneous
 * lookups of one question with it.
 *
 * <p>The road of an ask: the group makes a {@link resolver.flight.Waiter} of its receiver and joins
 * with a {@link resolver.flight.Loader} that asks the next stage. The waiter gets a place in a
 * flight, new or under way, and a {@link resolver.flight.Ticket} to leave by. The answer ends the
 * flight, which tells each waiter the {@link resolver.flight.Outcome} on its own executor, in the
 * order of their coming.
 */
@NullMarked
package resolver.flight;

import org.jspecify.annotations.NullMarked;
