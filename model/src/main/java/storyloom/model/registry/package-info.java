/** Which models there are, and which one is current. */
package storyloom.model.registry;
