//! Of the root volumes of its nodes.

use super::*;

pub fn of_volumes() -> Vec<Field> {
    let io1 = |more: &str| group(&format!(", volumeType: io1{more}"));
    let mut fields = vec![
        three(
            "volumeSize",
            group,
            ["", ", volumeSize: 100", ", volumeSize: 200"],
            [volume!("Ebs.VolumeSize"), volume!("Ebs.VolumeSize"), volume!("Ebs.VolumeSize")],
        ),
        three(
            "volumeType",
            group,
            ["", ", volumeType: gp2", ", volumeType: io2"],
            [
                volume!("Ebs.VolumeType", "Ebs.Iops", "Ebs.Throughput"),
                volume!("Ebs.VolumeType", "Ebs.Iops"),
                volume!("Ebs.VolumeType", "Ebs.Iops", "Ebs.Throughput"),
            ],
        ),
        three(
            "volumeName",
            group,
            ["", ", volumeName: /dev/xvdb", ", volumeName: /dev/xvdc"],
            [volume!("DeviceName"), volume!("DeviceName"), volume!("DeviceName")],
        ),
        three(
            "volumeIOPS",
            group,
            ["", ", volumeIOPS: 4000", ", volumeIOPS: 5000"],
            [volume!("Ebs.Iops"), volume!("Ebs.Iops"), volume!("Ebs.Iops")],
        ),
        three(
            "volumeThroughput",
            group,
            ["", ", volumeThroughput: 250", ", volumeThroughput: 500"],
            [volume!("Ebs.Throughput"), volume!("Ebs.Throughput"), volume!("Ebs.Throughput")],
        ),
        three(
            "volumeEncrypted",
            group,
            ["", ", volumeEncrypted: true", ", volumeEncrypted: false"],
            [volume!("Ebs.Encrypted"), volume!("Ebs.Encrypted"), NOTHING],
        ),
        three(
            "volumeKmsKeyID",
            group,
            [
                ", volumeEncrypted: true",
                ", volumeEncrypted: true, volumeKmsKeyID: alias/one",
                ", volumeEncrypted: true, volumeKmsKeyID: alias/other",
            ],
            [volume!("Ebs.KmsKeyId"), volume!("Ebs.KmsKeyId"), volume!("Ebs.KmsKeyId")],
        ),
    ];
    fields.push(Field {
        name: "volumeIOPS of io1",
        none: io1(""),
        one: io1(", volumeIOPS: 200"),
        other: io1(", volumeIOPS: 300"),
        added: volume!("Ebs.Iops"),
        changed: volume!("Ebs.Iops"),
        removed: volume!("Ebs.Iops"),
    });
    fields
}
