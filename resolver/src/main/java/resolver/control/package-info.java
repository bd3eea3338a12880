/**
 * What an operator says to the daemon and hears of it, over a Unix domain socket that only root and
 * the service's group may open.
 */
@NullMarked
package resolver.control;

import org.jspecify.annotations.NullMarked;
