/**
 * Files on any Hadoop file system: written whole or not at all, checked by SHA-256, appended to
 * line by line. How each kind of file system is treated is said once, in {@link
 * storyloom.model.files.AtomicFile} and {@link storyloom.model.files.AtomicFolder}, and whoever
 * writes aside and renames does it by these.
 *
 * <p>Nothing here knows what the files hold: bundles are {@link storyloom.model.bundle}, the layout
 * of home is {@link storyloom.model.registry}. Start reading at {@code AtomicFile}.
 */
package storyloom.model.files;
