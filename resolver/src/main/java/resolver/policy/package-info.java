/** What is answered without asking anybody: rules and data of this machine. */
@NullMarked
package resolver.policy;

import org.jspecify.annotations.NullMarked;
