//! Of the root volumes of its nodes.

use super::*;

/// A node group whose volume costs by its speed.
fn io1(field: &str) -> String {
    group(&format!(", volumeType: io1{field}"))
}

pub const ROWS: &[Row] = &[
    Row(
        "volumeSize",
        group,
        ["", ", volumeSize: 100", ", volumeSize: 200"],
        [volume!("Ebs.VolumeSize"), volume!("Ebs.VolumeSize"), volume!("Ebs.VolumeSize")],
    ),
    Row(
        "volumeType",
        group,
        ["", ", volumeType: gp2", ", volumeType: io2"],
        [
            volume!("Ebs.VolumeType", "Ebs.Iops", "Ebs.Throughput"),
            volume!("Ebs.VolumeType", "Ebs.Iops"),
            volume!("Ebs.VolumeType", "Ebs.Iops", "Ebs.Throughput"),
        ],
    ),
    Row(
        "volumeName",
        group,
        ["", ", volumeName: /dev/xvdb", ", volumeName: /dev/xvdc"],
        [volume!("DeviceName"), volume!("DeviceName"), volume!("DeviceName")],
    ),
    Row(
        "volumeIOPS",
        group,
        ["", ", volumeIOPS: 4000", ", volumeIOPS: 5000"],
        [volume!("Ebs.Iops"), volume!("Ebs.Iops"), volume!("Ebs.Iops")],
    ),
    Row(
        "volumeThroughput",
        group,
        ["", ", volumeThroughput: 250", ", volumeThroughput: 500"],
        [volume!("Ebs.Throughput"), volume!("Ebs.Throughput"), volume!("Ebs.Throughput")],
    ),
    Row(
        "volumeEncrypted",
        group,
        ["", ", volumeEncrypted: true", ", volumeEncrypted: false"],
        [volume!("Ebs.Encrypted"), volume!("Ebs.Encrypted"), NOTHING],
    ),
    Row(
        "volumeKmsKeyID",
        group,
        [
            ", volumeEncrypted: true",
            ", volumeEncrypted: true, volumeKmsKeyID: alias/one",
            ", volumeEncrypted: true, volumeKmsKeyID: alias/other",
        ],
        [volume!("Ebs.KmsKeyId"), volume!("Ebs.KmsKeyId"), volume!("Ebs.KmsKeyId")],
    ),
    Row(
        "volumeIOPS of io1",
        io1,
        ["", ", volumeIOPS: 200", ", volumeIOPS: 300"],
        [volume!("Ebs.Iops"), volume!("Ebs.Iops"), volume!("Ebs.Iops")],
    ),
];
