/** Stories on demand: the model that is served, and the orders that are written with it. */
package storyloom.serve.story;
