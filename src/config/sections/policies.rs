//! Policies that are known by what they are for.

use crate::config::declare::section;

section! {
    /// Policies for well-known workloads.
    pub struct WellKnownPolicies {
        /// Push images to ECR, and pull them.
        "imageBuilder"              image_builder:                bool = false,
        /// Scale node groups with Cluster Autoscaler.
        "autoScaler"                auto_scaler:                  bool = false,
        /// Make load balancers with the AWS Load Balancer Controller.
        "awsLoadBalancerController" aws_load_balancer_controller: bool = false,
        /// Keep records in Route 53 with ExternalDNS.
        "externalDNS"               external_dns:                 bool = false,
        /// Answer DNS-01 challenges in Route 53 with cert-manager.
        "certManager"               cert_manager:                 bool = false,
        /// Make volumes with the EBS CSI driver.
        "ebsCSIController"          ebs_csi_controller:           bool = false,
        /// Make access points with the EFS CSI driver.
        "efsCSIController"          efs_csi_controller:           bool = false,
    }
}

section! {
    /// Policies for well-known workloads on the nodes' role, where every pod has them.
    pub struct AddonPolicies {
        /// Push images to ECR, and pull them.
        "imageBuilder"              image_builder:                bool = false,
        /// Scale node groups with Cluster Autoscaler.
        "autoScaler"                auto_scaler:                  bool = false,
        /// Keep records in Route 53 with ExternalDNS.
        "externalDNS"               external_dns:                 bool = false,
        /// Answer DNS-01 challenges in Route 53 with cert-manager.
        "certManager"               cert_manager:                 bool = false,
        /// Be part of an App Mesh.
        "appMesh"                   app_mesh:                     bool = false,
        /// Be part of a mesh of App Mesh's preview.
        "appMeshPreview"            app_mesh_preview:             bool = false,
        /// Make volumes with the EBS CSI driver.
        "ebs"                       ebs:                          bool = false,
        /// Make file systems with the FSx for Lustre CSI driver.
        "fsx"                       fsx:                          bool = false,
        /// Make access points with the EFS CSI driver, and mount file systems.
        "efs"                       efs:                          bool = false,
        /// Make load balancers with the AWS Load Balancer Controller.
        "awsLoadBalancerController" aws_load_balancer_controller: bool = false,
        /// Send traces to X-Ray.
        "xRay"                      x_ray:                        bool = false,
        /// Send metrics and logs with the CloudWatch agent.
        "cloudWatch"                cloud_watch:                  bool = false,
    }
    renamed { "albIngress" => "awsLoadBalancerController", }
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
        all.into_iter().filter(|(asked, _)| asked.value).map(|(_, policy)| policy).collect()
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
            (&self.aws_load_balancer_controller, KnownPolicy::LoadBalancerController),
            (&self.x_ray, KnownPolicy::XRay),
            (&self.cloud_watch, KnownPolicy::CloudWatch),
        ];
        all.into_iter().filter(|(asked, _)| asked.value).map(|(_, policy)| policy).collect()
    }
}
