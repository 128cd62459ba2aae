"""Instances whose interfaces go with them."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..rules import rule


@rule("ec2", "RunInstances")
def run_instances(call: Call, moto: Any) -> Any:
    """An interface that EC2 makes for an instance is deleted with it, unless the request says otherwise."""
    ec2 = call.aws.ec2
    before = set(ec2.enis)
    specs = {int(spec.get("DeviceIndex", 0)): spec for spec in call.params.get("NetworkInterfaces", [])}
    answer = moto.answer()
    for ident in set(ec2.enis) - before:
        eni = ec2.enis[ident]
        eni.delete_on_termination = specs.get(eni.device_index, {}).get("DeleteOnTermination") is not False
    return answer


@rule("ec2", "TerminateInstances")
def terminate_instances(call: Call, moto: Any) -> Any:
    """What was attached and stays is free afterwards; the instance itself is shown for a while."""
    ec2 = call.aws.ec2
    answer = moto.answer()
    for instance in ec2.all_instances():
        if instance.id in call.params.get("InstanceIds", []):
            for eni in list(instance.nics.values()):
                if eni.id in ec2.enis:
                    instance.detach_eni(eni)
            _release_addresses(ec2, instance)
            call.world.clock.after("instance.tombstone", _burial(ec2, instance), patient=True)
    return answer


def _release_addresses(ec2: Any, instance: Any) -> None:
    for address in ec2.addresses:
        if address.instance is instance:
            ec2.disassociate_address(address=address.public_ip)


def _burial(ec2: Any, instance: Any):
    def bury() -> None:
        for ident, reservation in list(ec2.reservations.items()):
            if instance in reservation.instances:
                reservation.instances.remove(instance)
            if not reservation.instances:
                ec2.reservations.pop(ident)

    return bury
