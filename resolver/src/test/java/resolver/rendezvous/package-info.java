@NullMarked
package resolver.rendezvous;

import org.jspecify.annotations.NullMarked;
