/**
 * Where parties that are not threads wait for one another: {@link
 * resolver.rendezvous.AsyncCyclicBarrier} until all have come, {@link
 * resolver.rendezvous.AsyncSemaphore} until there is room. Nobody holds a thread while waiting;
 * parties that are threads are served by the classes of the JDK.
 *
 * <p>Not for the road of a query: at a barrier the fast wait for the slow, and one lost party fails
 * all.
 */
@NullMarked
package resolver.rendezvous;

import org.jspecify.annotations.NullMarked;
