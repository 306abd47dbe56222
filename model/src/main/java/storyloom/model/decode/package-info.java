/** From a prompt's ids to a story's, straight on a bundle's weights. */
package storyloom.model.decode;
