/**
 * What {@code resolve doctor} looks at. Each check looks at one thing of the machine, below a root
 * that tests choose, and tells what it found; none changes anything, and none but {@code
 * UpstreamCheck} sends anything.
 */
@NullMarked
package resolver.cli.doctor;

import org.jspecify.annotations.NullMarked;
