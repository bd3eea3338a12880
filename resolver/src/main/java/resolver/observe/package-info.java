/**
 * What listens to {@code QueryObserver}: the ledger of everything that was received, how long
 * things took, and which names took longest.
 */
@NullMarked
package resolver.observe;

import org.jspecify.annotations.NullMarked;
