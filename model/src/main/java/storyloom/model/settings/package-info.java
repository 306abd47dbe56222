/**
 * The settings: one commented reference.conf, a configuration file and single values over it, and
 * nothing else that is read implicitly. Start reading at {@link storyloom.model.settings.Settings};
 * a new key needs only its lines in reference.conf, whose comments {@link
 * storyloom.model.settings.ReferenceSettings} holds to be complete.
 *
 * <p>Whoever is configured reads its keys once, into a record of its own, and hands that on; what a
 * value may be is said in reference.conf alone and held by {@link
 * storyloom.model.settings.SettingRange}. What others may read of settings is what {@link
 * storyloom.model.settings.Settings#recorded()} says.
 */
package storyloom.model.settings;
