/** What listens to {@code QueryObserver}: the ledger of everything that was received. */
@NullMarked
package resolver.observe;

import org.jspecify.annotations.NullMarked;
