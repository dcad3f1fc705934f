/** The kinds a simulated cluster reads and writes, as the object store names them. */
export const NAMESPACES = 'namespaces';
export const VMIS = 'virtualmachineinstances.kubevirt.io';
export const VM_BACKUPS = 'virtualmachinebackups.harvesterhci.io';
export const SCHEDULES = 'schedulevmbackups.harvesterhci.io';
export const HARVESTER_SETTINGS = 'settings.harvesterhci.io';
export const LONGHORN_BACKUPS = 'backups.longhorn.io';
export const BACKUP_VOLUMES = 'backupvolumes.longhorn.io';
export const BACKUP_TARGETS = 'backuptargets.longhorn.io';
export const VOLUME_SNAPSHOTS = 'volumesnapshots.snapshot.storage.k8s.io';
export const VOLUME_SNAPSHOT_CONTENTS = 'volumesnapshotcontents.snapshot.storage.k8s.io';
