/**
 * Which upstream server is asked, when, and when another one: decisions alone, without sockets.
 * {@code Routes} finds the route of a question, {@code ServerGroup} the order of its servers by the
 * {@code Policy} of the group, {@code ServerState} what each one is known to be like: how fast, how
 * sound. {@code Hedging} tells when a second server is asked before the first has failed. Time is
 * passed in, so that every decision can be tried in a moment.
 */
@NullMarked
package resolver.selection;

import org.jspecify.annotations.NullMarked;
