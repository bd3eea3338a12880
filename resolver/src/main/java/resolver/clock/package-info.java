/**
 * The only source of time: {@link resolver.clock.Ticker} tells it, {@link resolver.clock.Timers}
 * wait for it. Nothing outside this package reads the machine's clocks, so every behaviour that
 * depends on time can be tested with a clock moved by hand.
 */
@NullMarked
package resolver.clock;

import org.jspecify.annotations.NullMarked;
