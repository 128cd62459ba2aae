//! Policies that are known by what they are for.

use crate::config::declare::section;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Spanned;

section! {
    /// Policies for well-known workloads.
    pub struct WellKnownPolicies {
        /// Push images to ECR, and pull them.
        "imageBuilder"              image_builder:                bool = _,
        /// Scale node groups with Cluster Autoscaler.
        "autoScaler"                auto_scaler:                  bool = _,
        /// Make load balancers with the AWS Load Balancer Controller.
        "awsLoadBalancerController" aws_load_balancer_controller: bool = _,
        /// Keep records in Route 53 with ExternalDNS.
        "externalDNS"               external_dns:                 bool = _,
        /// Answer DNS-01 challenges in Route 53 with cert-manager.
        "certManager"               cert_manager:                 bool = _,
        /// Make volumes with the EBS CSI driver.
        "ebsCSIController"          ebs_csi_controller:           bool = _,
        /// Make access points with the EFS CSI driver.
        "efsCSIController"          efs_csi_controller:           bool = _,
    }
}

section! {
    /// Policies for well-known workloads on the nodes' role, where every pod has them.
    pub struct AddonPolicies {
        /// Push images to ECR, and pull them.
        "imageBuilder"              image_builder:                bool = _,
        /// Scale node groups with Cluster Autoscaler.
        "autoScaler"                auto_scaler:                  bool = _,
        /// Keep records in Route 53 with ExternalDNS.
        "externalDNS"               external_dns:                 bool = _,
        /// Answer DNS-01 challenges in Route 53 with cert-manager.
        "certManager"               cert_manager:                 bool = _,
        /// Be part of an App Mesh.
        "appMesh"                   app_mesh:                     bool = _,
        /// Be part of a mesh of App Mesh's preview.
        "appMeshPreview"            app_mesh_preview:             bool = _,
        /// Make volumes with the EBS CSI driver.
        "ebs"                       ebs:                          bool = _,
        /// Make file systems with the FSx for Lustre CSI driver.
        "fsx"                       fsx:                          bool = _,
        /// Make access points with the EFS CSI driver, and mount file systems.
        "efs"                       efs:                          bool = _,
        /// Make load balancers with the AWS Load Balancer Controller.
        "awsLoadBalancerController" aws_load_balancer_controller: bool = _,
        /// Its old name. eksctl prints both: either of them gives the policy.
        "albIngress"                alb_ingress:                  bool = _,
        /// Send traces to X-Ray.
        "xRay"                      x_ray:                        bool = _,
        /// Send metrics and logs with the CloudWatch agent.
        "cloudWatch"                cloud_watch:                  bool = _,
    }
    blank { "appMesh" = null "appMeshPreview" = null }
    rules { the_old_name_alone }
}

/// A policy of the program's own, or one of AWS's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownPolicy {
    ImageBuilder,
    AutoScaler,
    LoadBalancerController,
    ExternalDns,
    CertManager,
    EbsCsi,
    EfsCsiController,
    Efs,
    Fsx,
    AppMesh,
    AppMeshPreview,
    XRay,
    CloudWatch,
}

impl WellKnownPolicies {
    /// Those that are asked for.
    pub fn chosen(&self) -> Vec<KnownPolicy> {
        let all = [
            (&self.image_builder, KnownPolicy::ImageBuilder),
            (&self.auto_scaler, KnownPolicy::AutoScaler),
            (&self.aws_load_balancer_controller, KnownPolicy::LoadBalancerController),
            (&self.external_dns, KnownPolicy::ExternalDns),
            (&self.cert_manager, KnownPolicy::CertManager),
            (&self.ebs_csi_controller, KnownPolicy::EbsCsi),
            (&self.efs_csi_controller, KnownPolicy::EfsCsiController),
        ];
        chosen(all)
    }
}

impl AddonPolicies {
    /// Those that are asked for.
    pub fn chosen(&self) -> Vec<KnownPolicy> {
        let all = [
            (&self.image_builder, KnownPolicy::ImageBuilder),
            (&self.auto_scaler, KnownPolicy::AutoScaler),
            (&self.external_dns, KnownPolicy::ExternalDns),
            (&self.cert_manager, KnownPolicy::CertManager),
            (&self.app_mesh, KnownPolicy::AppMesh),
            (&self.app_mesh_preview, KnownPolicy::AppMeshPreview),
            (&self.ebs, KnownPolicy::EbsCsi),
            (&self.fsx, KnownPolicy::Fsx),
            (&self.efs, KnownPolicy::Efs),
            (&self.load_balancer_controller(), KnownPolicy::LoadBalancerController),
            (&self.x_ray, KnownPolicy::XRay),
            (&self.cloud_watch, KnownPolicy::CloudWatch),
        ];
        chosen(all)
    }

    /// Under either of its names.
    pub fn load_balancer_controller(&self) -> Option<Spanned<bool>> {
        let names = [&self.aws_load_balancer_controller, &self.alb_ingress];
        names.into_iter().flatten().find(|it| it.value).cloned()
    }
}

/// What eksctl prints has both names in it, and nobody is to change that.
fn the_old_name_alone(policies: &AddonPolicies) -> Option<Diagnostic> {
    let (old, new) = ("albIngress", "awsLoadBalancerController");
    let written =
        policies.alb_ingress.as_ref().filter(|_| policies.aws_load_balancer_controller.is_none())?;
    let renamed = Diagnostic::new(Code::Renamed, written.key, format!("`{old}` is now called `{new}`"));
    Some(renamed.label(format!("write `{new}`")).fix(written.key, new))
}

fn chosen<const N: usize>(all: [(&Option<Spanned<bool>>, KnownPolicy); N]) -> Vec<KnownPolicy> {
    let is_asked = |asked: &Option<Spanned<bool>>| asked.as_ref().is_some_and(|it| it.value);
    all.into_iter().filter(|(asked, _)| is_asked(asked)).map(|(_, policy)| policy).collect()
}
