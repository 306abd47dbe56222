/** From clean pairs to ids in binary shards, one for each worker of a training. */
package storyloom.pipeline.batch;
