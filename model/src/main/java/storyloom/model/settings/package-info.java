/** The settings: one commented reference.conf, a configuration file and single values over it. */
package storyloom.model.settings;
